// The worker thread of a session: parses heaps, reads source, extracts models.
import { serveWorker } from './session/worker/index.ts';

serveWorker();
