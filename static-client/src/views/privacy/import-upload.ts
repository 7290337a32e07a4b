import { type Imports, LARGEST_FILE, LARGEST_PART } from '../../server/imports';
import { formatBytes } from '../text/format';

/** The bytes that every gzip file begins with (RFC 1952, 2.3.1). */
const GZIP = [0x1f, 0x8b];

/** What is wrong with a file at first sight, before anything of it is sent; undefined where nothing is. */
export async function fileFault(file: Blob): Promise<string | undefined> {
  if (file.size === 0) {
    return 'This file is empty.';
  }
  if (file.size > LARGEST_FILE) {
    return `This file has ${formatBytes(file.size)}; an export to import has at most ${formatBytes(LARGEST_FILE)}.`;
  }
  const head = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  return GZIP.every((byte, place) => head[place] === byte)
    ? undefined
    : 'This is no export of Sightline: they are gzip files whose names end in .json.gz.';
}

/** The SHA-256 of a file, in hex. */
export async function sha256(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One part of a file; numbers begin with 1. */
interface Part {
  readonly number: number;
  readonly content: Blob;
}

/** The file cut into parts as large as may be sent, in order. */
export function partsOf(file: Blob): Part[] {
  const count = Math.ceil(file.size / LARGEST_PART);
  return Array.from({ length: count }, (_, place) => ({
    number: place + 1,
    content: file.slice(place * LARGEST_PART, (place + 1) * LARGEST_PART),
  }));
}

interface Sending {
  readonly imports: Pick<Imports, 'put'>;
  readonly id: string;
  readonly file: Blob;
  /** The numbers of the parts that the server has already. */
  readonly has: readonly number[];
  readonly signal: AbortSignal;
  /** Told how many bytes of the file the server has. */
  readonly onProgress: (bytes: number) => void;
}

/** Sends the parts that the server lacks, one after the other. Rejects as the first does that cannot be sent. */
export async function sendMissing({ imports, id, file, has, signal, onProgress }: Sending): Promise<void> {
  const there = new Set(has);
  const parts = partsOf(file);
  let bytes = total(parts.filter(({ number }) => there.has(number)));
  onProgress(bytes);
  for (const { number, content } of parts.filter((part) => !there.has(part.number))) {
    await imports.put(id, number, content, signal);
    bytes += content.size;
    onProgress(bytes);
  }
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, { content }) => sum + content.size, 0);
}
