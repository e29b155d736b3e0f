const HOME = '/api/tasks';

/**
 * A path of this application and nothing else: whatever a browser could take for another host becomes the first page, so
 * that the login page is no open redirect.
 */
export function localPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value) ? value : HOME;
}
