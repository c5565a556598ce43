/** A refusal in Toxiproxy's words. Its clients match on the status, some on the text, so neither is ours to improve. */
import { LabError } from '../../core/errors.js';

export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

const proxyNotFound = (): ApiError => new ApiError(404, 'proxy not found');
export const toxicNotFound = (): ApiError => new ApiError(404, 'toxic not found');
export const proxyExists = (): ApiError => new ApiError(409, 'proxy already exists');
export const toxicExists = (): ApiError => new ApiError(409, 'toxic already exists');
export const badBody = (reason: string): ApiError => new ApiError(400, `bad request body: ${reason}`);

/** Failures of the daemon that Toxiproxy has words for are told in these; the others keep their own, and their status. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof LabError)) return undefined;
  switch (error.code) {
    case 'PROXY_UNKNOWN':
      return proxyNotFound();
    case 'PROXY_EXISTS':
      return proxyExists();
    case 'FAULT_UNKNOWN':
      return toxicNotFound();
    case 'FAULT_EXISTS':
      return toxicExists();
    case 'FAULT_INVALID':
      return badBody(String(error.details['problems']));
    default:
      return new ApiError(error.status, error.message);
  }
}
