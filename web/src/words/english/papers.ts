export const papers = {
	"papers.title": "Papers",
} as const;
