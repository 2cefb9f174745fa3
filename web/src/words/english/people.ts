export const people = {
	"people.title": "People and devices",
} as const;
