// Something that changes what the server keeps: one at a time, with what came of it in words.

import { NotProved } from "../../live/again.svelte";
import { live } from "../../live/record.svelte";
import { named } from "../../pieces/failed";
import { Problem, Unreachable } from "../../server/problem";
import { t } from "../../words";

export class Doing {
	busy = $state(false);
	/** What came of it: to be read out. */
	said = $state("");
	failed = $state(false);

	/** Do it, and say what came of it. True where it was done. */
	async run(what: () => Promise<string>): Promise<boolean> {
		if (this.busy) return false;
		this.busy = true;
		this.said = "";
		this.failed = false;
		try {
			this.said = await what();
			live.turn += 1; // every list asks again
			return true;
		} catch (error) {
			this.failed = true;
			this.said = why(error);
			return false;
		} finally {
			this.busy = false;
		}
	}
}

/** Why something was not done, in words. */
export function why(error: unknown): string {
	if (error instanceof Unreachable) return t("people.needs-server");
	if (error instanceof NotProved) return t("signin.again-not");
	if (!(error instanceof Problem)) return t("people.failed", { why: String(error) });
	return t("people.failed", { why: named(error) });
}
