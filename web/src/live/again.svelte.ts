// Something grave that the server does only for who has proved lately who they are: then they are asked, and it is done.

import { Problem } from "../server/problem";

class Again {
	/** Somebody is asked now. */
	asking = $state(false);
	#told: ((proved: boolean) => void) | null = null;

	/** Ask. True once the server knows again who it is; false where they would rather not. */
	ask(): Promise<boolean> {
		this.#told?.(false);
		this.asking = true;
		return new Promise((told) => {
			this.#told = told;
		});
	}

	/** How it ended. */
	end(proved: boolean): void {
		this.asking = false;
		this.#told?.(proved);
		this.#told = null;
	}
}

export const again = new Again();

/** They would rather not say again who they are: nothing was done. */
export class NotProved extends Error {
	override name = "NotProved";
}

const MOST = 2; // who was not signed in any more signs in, and for some things says it once more

/** Do something; where the server wants a proof first, ask for it and do it then. Raises `NotProved`, and what the work raises. */
export async function proved<T>(work: () => Promise<T>): Promise<T> {
	for (let asked = 0; ; asked++) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof Problem) || error.kind !== "sign-in-again" || asked === MOST) throw error;
			if (!(await again.ask())) throw new NotProved("not proved", { cause: error });
		}
	}
}
