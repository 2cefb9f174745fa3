// Sending with the app closed.

type Syncing = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };

/** Ask the browser to send when there is a network again, also with the app closed; not every browser can. */
export async function later(): Promise<void> {
	try {
		const worker = (await navigator.serviceWorker?.getRegistration()) as Syncing | undefined;
		await worker?.sync?.register("send");
	} catch {
		// it is sent when the app is open
	}
}
