export const danger = {
	"danger.title": "Danger",
} as const;
