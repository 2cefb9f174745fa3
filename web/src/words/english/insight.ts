export const insight = {
	"insight.title": "What changed",
} as const;
