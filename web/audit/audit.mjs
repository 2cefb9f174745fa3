// Lighthouse (a phone) and pa11y (WCAG2AA, by HTML_CodeSniffer and by axe) on every screen of a running server. Below the thresholds: exit 1.
//   node audit.mjs ADDRESS WHO SCREEN…        CHROMIUM names the browser
// WHO is code:CODE, by which this browser is paired; or as:E-MAIL:PASSWORD, by which it signs in; or nobody.

import { appendFileSync, writeFileSync } from "node:fs";
import lighthouse from "lighthouse";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const AT_LEAST = { accessibility: 100, "best-practices": 95, performance: 90 };
const TRIES = 3; // a busy machine makes a fast page slow, and never a slow one fast: the best of three counts
const SHOWN = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "interactive"];

const [address, who, ...screens] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const wrong = [];
try {
	const [how, first, ...rest] = who.split(":");
	if (how === "code") await pair(first);
	if (how === "as") await signIn(first, rest.join(":"));
	for (const screen of screens) {
		await judged(screen);
		await conforming(screen);
	}
} finally {
	await browser.close();
}
for (const one of wrong) console.error(one);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Pair the browser, as the page for that does. */
async function pair(code) {
	const page = await browser.newPage();
	await page.goto(`${address}/health/live`);
	const status = await page.evaluate(async (code) => {
		const { csrf } = await (await fetch("/api/v1/session")).json();
		const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
		return (await fetch("/api/v1/pair", { method: "POST", headers, body: JSON.stringify({ code, label: "Audit" }) })).status;
	}, code);
	await page.close();
	if (status !== 201) throw new Error(`the code was not taken: ${status}`);
}

/** Sign in, by the form. */
async function signIn(email, password) {
	const page = await browser.newPage();
	await page.goto(`${address}/app/#/signin`);
	await (await page.waitForSelector("input[type=email]")).type(email);
	await (await page.waitForSelector("input[type=password]")).type(password);
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => location.hash === "#/now");
	await page.close();
}

/** Lighthouse: its own phone and network, and a browser that has no worker yet. */
async function judged(screen) {
	const port = Number(new URL(browser.wsEndpoint()).port);
	let best = null;
	for (let round = 0; round < TRIES && (best === null || best.performance < AT_LEAST.performance); round += 1) {
		const { lhr, report } = await lighthouse(`${address}/app/#/${screen}`, { port, output: "json", logLevel: "error" });
		const scores = Object.fromEntries(Object.keys(AT_LEAST).map((one) => [one, Math.round(lhr.categories[one].score * 100)]));
		if (best !== null && scores.performance <= best.performance) continue;
		best = { ...scores, lhr };
		if (process.env.AUDIT_OUT) writeFileSync(`${process.env.AUDIT_OUT}/lighthouse-${screen.replaceAll("/", "-")}.json`, report);
	}
	const scores = Object.keys(AT_LEAST).map((one) => `${one} ${best[one]}`);
	const times = SHOWN.map((one) => `${one} ${best.lhr.audits[one].displayValue}`);
	say(`${screen.padEnd(13)} ${scores.join("  ")} | ${times.join("  ")}`);
	for (const [one, least] of Object.entries(AT_LEAST)) {
		if (best[one] < least) wrong.push(`${screen}: Lighthouse ${one} ${best[one]} is below ${least}`);
	}
}

/** pa11y. What axe cannot decide by itself (a sign whose contrast it cannot see) is counted and no error: tests/browser looks there. */
async function conforming(screen) {
	const { issues } = await pa11y(`${address}/app/#/${screen}`, {
		browser,
		standard: "WCAG2AA",
		runners: ["axe", "htmlcs"],
		levelCapWhenNeedsReview: "notice",
		includeNotices: true,
		includeWarnings: true,
		viewport: { width: 360, height: 780 },
		wait: 2000,
		timeout: 60_000,
	});
	const errors = issues.filter((one) => one.type === "error" && !route(one) && !allowed(one));
	const undecided = issues.filter((one) => one.runnerExtras?.needsFurtherReview).length;
	say(`${screen.padEnd(13)} pa11y: ${errors.length} errors, ${undecided} that axe leaves open`);
	for (const one of errors) wrong.push(`${screen}: ${one.runner}: ${one.code}: ${one.message} ${one.context}`);
}

/** HTML_CodeSniffer takes every link that begins with # for one within the page; `#/plan` is the address of a screen. */
function route({ code, context }) {
	return code.endsWith(".NoSuchID") && /href="#\//.test(context ?? "");
}

/** HTML lets the name of an account stand in a field for an e-mail address; HTML_CodeSniffer goes by an older list. */
function allowed({ code, context }) {
	return code.endsWith("1_3_5.H98") && /type="email"/.test(context ?? "") && /autocomplete="username"/.test(context ?? "");
}

function say(line) {
	console.log(line);
	if (process.env.AUDIT_OUT) appendFileSync(`${process.env.AUDIT_OUT}/audit.txt`, `${line}\n`);
}
