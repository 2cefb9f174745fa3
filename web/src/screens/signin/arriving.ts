// Somebody signed in: this browser becomes a device where it is theirs, joins what they were invited to, and shows what is due.

import { keepSetting } from "../../kept/settings";
import { me } from "../../live/me.svelte";
import { live } from "../../live/record.svelte";
import { ask } from "../../server/ask";
import { Problem } from "../../server/problem";
import { t } from "../../words";
import { labelOf } from "../welcome/code";

export interface Arriving {
	/** It is the person's own device, and stays connected. */
	own: boolean;
	/** The code of an invitation to a record that is not accepted yet. */
	join?: string | null;
}

/** Raises `Problem` or `Unreachable`: then somebody is signed in, and the rest can be tried again. */
export async function arrive({ own, join = null }: Arriving): Promise<void> {
	me.arriving = true;
	try {
		await come(own, join);
	} finally {
		me.arriving = false;
	}
	if (me.switched) await me.anew();
}

async function come(own: boolean, join: string | null): Promise<void> {
	await me.greet();
	if (own && me.session?.device === null) {
		const label = labelOf(navigator.userAgent) || t("welcome.this-device");
		await ask("devices", { body: { label } }).catch(unless("there-already"));
	}
	// Who made an account with it has joined already: then it is used.
	if (join !== null) await ask("invitations/accept", { body: { code: join } }).catch(unless("there-already", "gone"));
	await keepSetting("welcomed", true);
	await me.meet();
	await live.recall();
	await live.refresh();
}

function unless(...kinds: string[]): (error: unknown) => void {
	return (error) => {
		if (!(error instanceof Problem && kinds.includes(error.kind))) throw error;
	};
}
