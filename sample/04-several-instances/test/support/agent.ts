export interface Answer {
  status: number;
  /** The instance that answered. */
  servedBy: string | null;
  location: string;
  text: string;
  json: Record<string, unknown>;
}

/** A browser, or a client, which needs no cookies: sends to the proxy or to one instance. */
export class Agent {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly base: string) {}

  get(path: string): Promise<Answer> {
    return this.send(path);
  }

  post(path: string, form: Record<string, string>): Promise<Answer> {
    return this.send(path, { method: 'POST', body: new URLSearchParams(form) });
  }

  async postJson(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    });
  }

  private async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0)
      headers.set('cookie', [...this.cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(new URL(path, this.base), { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    const text = await response.text();
    return {
      status: response.status,
      servedBy: response.headers.get('x-served-by'),
      location: response.headers.get('location') ?? '',
      text,
      json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }
}
