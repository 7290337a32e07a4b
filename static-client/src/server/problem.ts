/** What our API says when it refuses (RFC 9457), and what the client says when there is no answer. */

/** One fault of what was sent; `pointer` is an RFC 6901 JSON pointer into the body. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** The server answered with an error status. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly faults: readonly Fault[] = [],
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = 'Problem';
  }
}

/** No answer came: the network, the server or the time ran out. */
export class Unreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unreachable';
  }
}

/** The problem that an error answer describes; also for answers that are not `application/problem+json`. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => null);
  const { title, detail, errors } = (body ?? {}) as Record<string, unknown>;
  const text = [detail, title].find((part) => typeof part === 'string' && part !== '');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new Problem(
    response.status,
    typeof text === 'string' ? text : plainStatus(response.status),
    faultsOf(errors),
    Number.isFinite(retryAfter) ? retryAfter : undefined,
    response.headers.get('x-request-id') ?? undefined,
  );
}

function faultsOf(errors: unknown): Fault[] {
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  return list
    .filter((item): item is Fault => typeof (item as Fault | null)?.pointer === 'string')
    .map(({ pointer, detail }) => ({ pointer, detail: String(detail) }));
}

function plainStatus(status: number): string {
  return status >= 500
    ? `The Sightline server had a problem (${status}).`
    : `The Sightline server refused the request (${status}).`;
}
