export const pieces = {
	"pieces.sources": "Sources: {sources}",
	"pieces.source": "{key}: {title}",
	"pieces.recorded": "Recorded: {text}",
	"pieces.undone": "Taken back: {text} It stays in the history.",
	"pieces.undo": "Undo",
	"pieces.not-kept": "This device could not keep it. Try again, or write it on paper.",
	"pieces.call": "Call {text}",
	"pieces.intended-use":
		"Gradatim helps people follow, record and discuss a baclofen plan that their prescriber has approved. It checks plans against published limits and shows its sources. It does not diagnose, does not decide doses, and does not replace a prescriber, a pharmacist or emergency services.",
	"pieces.date": "{weekday} {day} {month} {year}",
	"pieces.short-date": "{weekday} {day} {month}",
	"pieces.moment": "{day}, {time}",
	"pieces.before-noon": "{time} am",
	"pieces.after-noon": "{time} pm",
	"pieces.midday": "12:00 midday",
	"pieces.midnight": "12:00 midnight",
} as const;
