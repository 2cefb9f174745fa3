export const shell = {
	"shell.skip": "Skip to what matters",
	"shell.danger": "Danger",
	"shell.danger-long": "Danger signs and what to do",
	"shell.main": "Main screens",
	"shell.offline": "No connection. Everything you record is kept on this device and sent later.",
	"shell.unsent": { one: "1 entry not sent yet", other: "{n} entries not sent yet" },
	"shell.sent": "Everything is sent",
	"shell.refused": {
		one: "1 entry was not accepted. Look at it.",
		other: "{n} entries were not accepted. Look at them.",
	},
	"shell.others": {
		one: "1 entry that another account wrote on this device is not sent yet. It is sent when that account signs in here again.",
		other:
			"{n} entries that another account wrote on this device are not sent yet. They are sent when that account signs in here again.",
	},
	"shell.lost":
		"This was not recorded: this device keeps nothing at the moment, and the server cannot be reached. Write it on paper, and try again when there is a connection.",
	"shell.lost-full":
		"This was not recorded: this device is full, and the server cannot be reached. Write it on paper. Make room on the device, or try again when there is a connection.",
	"shell.ended": "This device is not paired any more. Pair it again to see the record.",
	"shell.ended-with": {
		one: "This device is not paired any more. Pair it again: 1 entry waits here and is sent then.",
		other: "This device is not paired any more. Pair it again: {n} entries wait here and are sent then.",
	},
	"shell.out": "This device is signed out. Sign in to see the record.",
	"shell.out-with": {
		one: "This device is signed out. Sign in: 1 entry waits here and is sent then.",
		other: "This device is signed out. Sign in: {n} entries wait here and are sent then.",
	},
	"shell.strange": {
		one: "1 entry on this device belongs to a record that you cannot write to now. It stays here until you can.",
		other: "{n} entries on this device belong to a record that you cannot write to now. They stay here until you can.",
	},
	"shell.keeps-nothing":
		"This browser keeps nothing on this device, as in a private window. What you record is sent at once and needs a connection; what you recorded here before may not be shown.",
	"shell.scarce": "This device is nearly full. What you record may soon find no room.",
	"shell.not-promised": "The browser may clear away what is not sent yet if the device becomes full.",
	"shell.copy": "Save a copy in Settings",
	"shell.clock-ahead": {
		one: "The clock of this device is 1 minute ahead. Please set it.",
		other: "The clock of this device is {n} minutes ahead. Please set it.",
	},
	"shell.clock-behind": {
		one: "The clock of this device is 1 minute behind. Please set it.",
		other: "The clock of this device is {n} minutes behind. Please set it.",
	},
	"shell.update": "A new version of Gradatim is ready.",
	"shell.newer": "The server has a newer version of Gradatim than this page.",
	"shell.update-now": "Use it now",
	"shell.no-screen": "This screen is not on this device yet. Open it once with a connection.",
	"shell.back": "Back",
	"shell.loading": "One moment",
	"shell.as-of": "As of {at}",
	"shell.failed": "This could not be shown: {why}",
	"shell.try-again": "Try again",
	"shell.title": "{screen} · Gradatim",
	"shell.neutral": "Gradatim",
	"shell.back-to-now": "Back to Now",
	"shell.held-short": "Hold the button a little longer, then let go.",
	"shell.held-change": "Change this",
	"shell.close": "Close",
} as const;
