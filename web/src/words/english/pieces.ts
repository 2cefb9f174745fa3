export const pieces = {
	"pieces.sources": "Sources: {sources}",
	"pieces.source": "{key}: {title}",
	"pieces.recorded": "Recorded: {text}",
	"pieces.undone": "Taken back: {text} It stays in the history.",
	"pieces.undo": "Undo",
	"pieces.not-kept": "This device could not keep it. Try again, or write it on paper.",
	"pieces.call": "Call {text}",
} as const;
