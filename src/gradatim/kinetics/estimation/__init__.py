"""What measured levels tell of one person: the most likely parameters, how sure they are, and what they let expect.

`Prior` is a model with how people differ and how measurements scatter, `Observed` the doses that one person took and the levels that were
measured in them. `fit` finds the mode of the posterior (MAP, as NONMEM's post hoc step does) with Laplace's approximation around it,
`posterior` draws from the whole of it, `forecasts` asks what would have been said of each next level, `residuals` and `prediction_errors`
whether the model holds. `fit_all` and `fit_histories` are for many people at once.

A level is not an effect: for baclofen no accepted therapeutic level is known, and nothing here says what to take.
"""

from gradatim.kinetics.estimation.checks import PredictionErrors, Residuals, prediction_errors, residuals
from gradatim.kinetics.estimation.draws import Draws
from gradatim.kinetics.estimation.fit import Ended, Fit, fit
from gradatim.kinetics.estimation.forecast import Forecast, Forecasts, forecasts
from gradatim.kinetics.estimation.known import Measured, Observed, Prior, with_all_it_takes
from gradatim.kinetics.estimation.personal import Learnt, Personal, personal
from gradatim.kinetics.estimation.sampling import Posterior, posterior
from gradatim.kinetics.estimation.several import Fits, fit_all, fit_histories

__all__ = [
    "Draws",
    "Ended",
    "Fit",
    "Fits",
    "Forecast",
    "Forecasts",
    "Learnt",
    "Measured",
    "Observed",
    "Personal",
    "Posterior",
    "PredictionErrors",
    "Prior",
    "Residuals",
    "fit",
    "fit_all",
    "fit_histories",
    "forecasts",
    "personal",
    "posterior",
    "prediction_errors",
    "residuals",
    "with_all_it_takes",
]
