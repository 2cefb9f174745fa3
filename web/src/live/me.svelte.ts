// Who uses this device, and whose record is open.

import { answer, forget, forgetAccount, keepAnswer } from "../kept/answers";
import { handOver } from "../kept/handover";
import { borrowed, lentTo, recallLent } from "../kept/lent";
import { actFor, owner, recallOwner } from "../kept/owner";
import { forgetOfRecords, keepSetting, setting } from "../kept/settings";
import { forgetHeard } from "../kept/unheard";
import { passing, type RecordOut, records, type Schemas, type Session, session } from "../server/ask";
import { forgetEarly, taken } from "../server/early";

class Me {
	/** Null until it is known; as it was when the server last answered. */
	session = $state.raw<Session | null>(null);
	records = $state.raw<RecordOut[]>([]);
	record = $state<string | null>(null);
	/** Whether the last question to the server was answered. */
	online = $state(true);
	/** What was kept has been read. */
	ready = $state(false);
	/** The server was asked who this is and what may be seen, whatever came of it: who is not known here may be known there. */
	asked = $state(false);

	/** Another account acts here than when this page was opened: what it still has in memory is not theirs. */
	switched = false;
	/** Somebody is just signing in: the page is not to be loaded anew meanwhile. */
	arriving = false;

	/** Somebody is signed in on a device that is not theirs. */
	lent = $derived(borrowed(this.session));

	open = $derived(this.records.find((one) => one.id === this.record) ?? null);
	/** This device was used with a record, and the server knows it no longer: it was ended, or somebody signed out. */
	ended = $derived(this.session !== null && this.session.name === null && this.records.length > 0);

	/** Whether this device may do something with the open record. */
	may(scope: Schemas["Scope"]): boolean {
		return this.open?.scopes.includes(scope) ?? false;
	}

	/** What was kept, without a network. */
	async recall(): Promise<void> {
		await Promise.all([recallLent(), recallOwner()]);
		const [known, records, record] = await Promise.all([
			answer("session").catch(() => null),
			answer("records").catch(() => null),
			setting<string | null>("record", null),
		]);
		this.session = (known?.data as Session | undefined) ?? null;
		this.records = (records?.data as RecordOut[] | undefined) ?? [];
		this.record = this.records.some((one) => one.id === record) ? record : (this.records[0]?.id ?? null);
		this.ready = true;
	}

	/** Ask the server who this is, and what may be seen. Raises `Unreachable` or `Problem`. */
	async meet(): Promise<void> {
		if (await this.greet()) await this.look();
	}

	/** Ask the server who this is: whether somebody. Raises `Unreachable` or `Problem`. */
	async greet(): Promise<boolean> {
		const before = this.session;
		const early = taken<Session>("session");
		if (early === null) forgetEarly(); // it may be somebody else by now
		const known = await this.#heard(early ?? session()).catch((error: unknown) => {
			this.asked = true;
			throw error;
		});
		if (known.account !== null) await this.#met(known.account, known, before);
		this.session = known;
		await lentTo(known, before);
		await keepAnswer("session", known);
		if (before !== null && (before.name !== known.name || before.device !== known.device)) await forgetAccount();
		if (known.name === null) this.asked = true;
		if (known.name === null) await forgetAccount();
		if (known.name === null) await forget("records/"); // whose device was ended sees nothing more; what was not sent stays
		if (known.name === null) await forgetOfRecords("record");
		return known.name !== null;
	}

	async #met(account: string, known: Session, before: Session | null): Promise<void> {
		const was = owner();
		const same =
			!before?.name || before.name === known.name || (before.device !== null && before.device === known.device);
		const other = was !== null && was !== account;
		if (!other || this.arriving) actFor(account); // else what this page has in memory is written nowhere
		await handOver(account, same);
		if (!other) return;
		this.switched = true;
		this.records = [];
		this.record = null;
		if (!this.arriving) await this.anew();
	}

	/** Begin anew, with nothing in memory: another account acts here. Never returns, so that nothing is done in between. */
	anew(): Promise<never> {
		history.replaceState(null, "", "/app/#/now");
		location.reload();
		return new Promise(() => undefined);
	}

	/** Ask which records may be seen. Raises `Unreachable` or `Problem`. */
	async look(): Promise<void> {
		const found = await this.#heard(taken<RecordOut[]>("records") ?? records()).catch((error: unknown) => {
			this.asked = true;
			throw error;
		});
		await keepAnswer("records", found);
		for (const gone of this.records.filter((one) => !found.some((other) => other.id === one.id))) {
			await forget(`records/${gone.id}/`); // ended, or erased: nothing of it stays here but what was not sent
			await forgetHeard(gone.id);
		}
		this.records = found;
		if (!found.some((one) => one.id === this.record)) await this.choose(found[0]?.id ?? null);
		this.asked = true;
	}

	async choose(record: string | null): Promise<void> {
		this.record = record;
		await keepSetting("record", record);
	}

	/** What is asked, and in `online` whether somebody answered. */
	async #heard<T>(asked: Promise<T>): Promise<T> {
		try {
			const found = await asked;
			this.online = true;
			return found;
		} catch (error) {
			this.online = !passing(error);
			throw error;
		}
	}
}

export const me = new Me();
