export const lock = {
	"lock.title": "Gradatim is locked",
	"lock.pin": "Your number",
	"lock.open": "Open",
	"lock.wrong": "That is not the number. Try again.",
	"lock.wait": { one: "Wait 1 second before the next try.", other: "Wait {n} seconds before the next try." },
	"lock.danger": "Danger signs and what to do are open without the number",
	"lock.forgotten": "I have forgotten the number",
	"lock.forgotten-why":
		"Nobody can tell you the number. You can remove the data from this device and pair it again: another device gives a code under People and devices, and so does the machine that Gradatim runs on. What was sent to the server is still there.",
	"lock.remove": "Remove the data of this device",
	"lock.keep": "Try the number again",
} as const;
