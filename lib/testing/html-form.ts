/** A form of a page, as far as a person without JavaScript could send it off. */
export interface HtmlForm {
  /** Where it posts to; empty for the page's own URL. */
  action: string;
  /** Hidden inputs and those to type into, in order, with what they hold. */
  fields: { name: string; value: string; isHidden: boolean }[];
  /** Those that can be ticked. */
  checkboxes: { name: string; value: string; checked: boolean }[];
  /** Names and values of submit buttons. */
  buttons: { name: string; value: string }[];
}

const TAG = /<(\/?)(form|input|button)\b((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

const NAMED_CHARACTERS: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/** The forms of a page that post. Selects and text areas are left out. */
export function readForms(html: string): HtmlForm[] {
  const forms: HtmlForm[] = [];
  let form: HtmlForm | undefined;
  for (const [, closing, tag = '', source = ''] of html.matchAll(TAG)) {
    if (tag.toLowerCase() === 'form') {
      form = undefined;
      const attributes = attributesOf(source);
      if (closing || attributes.get('method')?.toLowerCase() !== 'post') continue;
      form = { action: attributes.get('action') ?? '', fields: [], checkboxes: [], buttons: [] };
      forms.push(form);
    } else if (form && !closing) {
      addControl(form, tag.toLowerCase(), attributesOf(source));
    }
  }
  return forms;
}

function addControl(form: HtmlForm, tag: string, attributes: ReadonlyMap<string, string>): void {
  const name = attributes.get('name');
  if (name === undefined || attributes.has('disabled')) return;
  const value = attributes.get('value') ?? '';
  const type = (attributes.get('type') ?? (tag === 'button' ? 'submit' : 'text')).toLowerCase();
  if (type === 'submit') form.buttons.push({ name, value });
  else if (type === 'checkbox' || type === 'radio') {
    form.checkboxes.push({
      name,
      value: attributes.get('value') ?? 'on',
      checked: attributes.has('checked'),
    });
  } else if (type !== 'button' && type !== 'reset') {
    form.fields.push({ name, value, isHidden: type === 'hidden' });
  }
}

function attributesOf(source: string): ReadonlyMap<string, string> {
  return new Map(
    [...source.matchAll(ATTRIBUTE)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      unescaped(double ?? single ?? bare ?? ''),
    ]),
  );
}

/** The character references that templates write. */
function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (reference, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMED_CHARACTERS[String(name).toLowerCase()] ?? String(reference);
  });
}
