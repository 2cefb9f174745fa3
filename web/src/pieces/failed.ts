// Why the server did not do what was asked, in words: for what has no field to stand beside.

import { NotProved } from "../live/again.svelte";
import { Problem, Unreachable } from "../server/problem";
import { t } from "../words";

/** One line. The server's own words are text, never markup. */
export function failed(error: unknown): string {
	if (error instanceof Unreachable) return t("stairs.needs-server");
	if (error instanceof NotProved) return t("signin.again-not");
	if (!(error instanceof Problem)) return t("stairs.failed");
	return [error.detail || error.title, ...faults(error)].join(" ");
}

/** What the server found wrong, each with its remedy; where it named nothing, its own words. */
export function named(error: Problem): string {
	return faults(error).join(" ") || error.detail || error.title;
}

function faults(error: Problem): string[] {
	return error.faults.map(({ problem, remedy }) => t("stairs.fault", { problem, remedy }));
}
