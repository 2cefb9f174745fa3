export const box = {
	"box.title": "The box",
} as const;
