// Days as they stand under a chart, where the year is known.

import { spoken } from "../../words";
import { format } from "../../words/format";

/** `1 Sep` */
export function monthDay(day: string): string {
	const locale = spoken() === "en" ? "en-GB" : spoken();
	return format(locale, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
}
