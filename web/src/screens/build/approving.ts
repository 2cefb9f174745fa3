// What has to be said before a plan is approved, and the request that says it.

import type { Schemas } from "../../server/ask";
import type { Draft } from "./draft";
import { blocks, type Finding } from "./told";

export type Lack = "prescriber" | "dated" | "reason" | "by";

/** The stops that a clinician has to answer for, each once. */
export function stopsOf(findings: readonly Finding[]): Finding[] {
	const seen = new Set<string>();
	return findings.filter((one) => blocks(one) && !seen.has(one.rule) && seen.add(one.rule));
}

/** What is still missing: `reason RULE` for each stop without one. */
export function lacking(draft: Draft, stops: readonly Finding[], own: boolean): { lack: Lack; rule?: string }[] {
	const said = draft.approval;
	const missing: { lack: Lack; rule?: string }[] = [];
	for (const { rule } of stops)
		if ((said.reasons[rule] ?? "").trim().length < 3) missing.push({ lack: "reason", rule });
	if (!own && said.prescriber.trim() === "") missing.push({ lack: "prescriber" });
	if (!own && said.dated === "") missing.push({ lack: "dated" });
	return missing;
}

/** The request: in one's own name, or a copy of a prescriber's paper. */
export function approvalOf(
	draft: Draft,
	document: Schemas["PlanDocument"],
	stops: readonly Finding[],
	own: boolean,
	instead: boolean,
): Schemas["ApproveIn"] {
	const said = draft.approval;
	const by = own || said.by.trim() === "" ? {} : { by: said.by.trim() };
	return {
		document,
		instead,
		overrides: stops.map(({ rule }) => ({ rule, reason: (said.reasons[rule] ?? "").trim(), role: said.role, ...by })),
		...(own ? {} : { copied_from: { prescriber: said.prescriber.trim(), dated: said.dated } }),
	};
}
