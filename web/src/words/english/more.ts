export const more = {
	"more.title": "More",
} as const;
