// Who uses this device, and whose record is open.

import { answer, forget, keepAnswer } from "../kept/answers";
import { keepSetting, setting } from "../kept/settings";
import { ask, type Schemas, type Session, session } from "../server/ask";
import { Problem } from "../server/problem";

export type RecordOut = Schemas["RecordOut"];

class Me {
	/** Null until it is known; as it was when the server last answered. */
	session = $state.raw<Session | null>(null);
	records = $state.raw<RecordOut[]>([]);
	record = $state<string | null>(null);
	/** Whether the last question to the server was answered. */
	online = $state(true);
	/** What was kept has been read. */
	ready = $state(false);

	open = $derived(this.records.find((one) => one.id === this.record) ?? null);

	/** Whether this device may do something with the open record. */
	may(scope: Schemas["Scope"]): boolean {
		return this.open?.scopes.includes(scope) ?? false;
	}

	/** What was kept, without a network. */
	async recall(): Promise<void> {
		const [known, records, record] = await Promise.all([
			answer("session"),
			answer("records"),
			setting<string | null>("record", null),
		]);
		this.session = (known?.data as Session | undefined) ?? null;
		this.records = (records?.data as RecordOut[] | undefined) ?? [];
		this.record = this.records.some((one) => one.id === record) ? record : (this.records[0]?.id ?? null);
		this.ready = true;
	}

	/** Ask the server who this is, and what may be seen. Raises `Unreachable` or `Problem`. */
	async meet(): Promise<void> {
		try {
			const known = await session();
			this.online = true;
			this.session = known;
			await keepAnswer("session", known);
			if (known.name === null) return;
			const records = await ask<RecordOut[]>("records");
			await keepAnswer("records", records);
			for (const gone of this.records.filter((one) => !records.some((other) => other.id === one.id))) {
				await forget(`records/${gone.id}/`); // ended, or erased: nothing of it stays here
			}
			this.records = records;
			if (!records.some((one) => one.id === this.record)) await this.choose(records[0]?.id ?? null);
		} catch (error) {
			this.online = error instanceof Problem && error.status < 500;
			throw error;
		}
	}

	async choose(record: string | null): Promise<void> {
		this.record = record;
		await keepSetting("record", record);
	}
}

export const me = new Me();
