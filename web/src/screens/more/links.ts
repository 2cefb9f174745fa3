// Where one can go from here, for who may go there.

import type { Schemas } from "../../server/ask";
import { t } from "../../words";

export interface Link {
	to: string;
	name: string;
	about: string;
}

interface Who {
	/** Who this is to the server, where that is known. */
	session?: Pick<Schemas["SessionOut"], "mode" | "name"> | null;
	may(scope: Schemas["Scope"]): boolean;
}

/** The links of a group. What somebody may not see is left out; what needs only the device is always there. In simple mode
 * no other way leads to what the bar below shows. */
export function links(group: "record" | "know" | "app", who: Who, simple: boolean): Link[] {
	const all: Record<typeof group, [shown: boolean, Link][]> = {
		record: [
			[simple && who.may("log"), { to: "checkin", name: t("checkin.title"), about: t("more.checkin-about") }],
			[simple && who.may("read"), { to: "plan", name: t("plan.title"), about: t("more.plan-about") }],
			[simple && who.may("read"), { to: "insight", name: t("insight.title"), about: t("more.insight-about") }],
			[who.may("read"), { to: "box", name: t("box.title"), about: t("more.box-about") }],
			[true, { to: "history", name: t("history.title"), about: t("more.history-about") }],
			[who.may("read"), { to: "papers", name: t("papers.title"), about: t("more.papers-about") }],
			[who.may("plan"), { to: "build", name: t("build.title"), about: t("more.build-about") }],
		],
		know: [
			[true, { to: "danger", name: t("danger.title"), about: t("more.danger-about") }],
			[true, { to: "learn", name: t("learn.title"), about: t("more.learn-about") }],
			[true, { to: "learn/say", name: t("more.say"), about: t("more.say-about") }],
		],
		app: [
			[true, { to: "people", name: t("people.title"), about: t("more.people-about") }],
			[
				who.session?.mode === "accounts" && who.session.name !== null,
				{ to: "account", name: t("account.title"), about: t("more.account-about") },
			],
			[true, { to: "settings", name: t("settings.title"), about: t("more.settings-about") }],
		],
	};
	return all[group].filter(([shown]) => shown).map(([, link]) => link);
}
