export const checkin = {
	"checkin.title": "Check-in",
} as const;
