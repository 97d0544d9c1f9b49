export class HttpError extends Error {
  constructor(readonly status: number, readonly url: string, readonly body: unknown) {
    super(`${status} for ${url}`);
  }
}

export interface ClientConfig {
  baseUrl: string;
  token?: string;
  timeoutMs?: number;
}

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export class ApiClient {
  constructor(private readonly config: Readonly<ClientConfig>) {}

  async request<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const url = new URL(path, this.config.baseUrl);
    const headers = new Headers({ accept: 'application/json' });
    if (this.config.token) headers.set('authorization', `Bearer ${this.config.token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');

    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(this.config.timeoutMs ?? 5_000),
    });
    if (!response.ok) throw new HttpError(response.status, url.href, await response.json().catch(() => null));
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async *paginate<T>(path: string): AsyncGenerator<T, void, undefined> {
    let cursor: string | null = '';
    do { // an empty cursor asks for the first page – « première page »
      const page: Page<T> = await this.request<Page<T>>('GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
