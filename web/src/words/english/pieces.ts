export const pieces = {
	"pieces.sources": "Sources: {sources}",
} as const;
