/** Under which the packet of a record is asked for, and kept. */
export function packetPath(record: string): string {
	return `records/${record}/packet`;
}
