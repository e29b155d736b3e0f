/** Where test clients are sent back to. Nothing listens there: what a redirect says is read, not followed. */
export const DEFAULT_REDIRECT_URI = 'http://localhost:7777/callback';
