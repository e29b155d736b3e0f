import { describe, expect, it } from '@jest/globals';
import { readForms } from './html-form.js';

describe('the forms of a page', () => {
  it('are those that post, however their markup is written', () => {
    const forms = readForms(`
      <form action="/search"><input name="q"></form>
      <input name="outside" value="x">
      <FORM METHOD=post ACTION='/approve?a=1&amp;b=2'>
        <input type="hidden" name="state" value="a &quot;b&quot; &#60;c&#x3e; d&apos;e &nope;">
        <input value='1 > 0' name=note />
        <input name="off" disabled value="x"><input type="text" value="without a name"><input type=reset name=r>
        <input type="checkbox" name="scopes[]" value="mcp:write" checked><input type=checkbox name=plain>
        <button name="approved" value="true">Yes</button><input type="submit" name="approved" value="false">
        <button type="button" name="help">?</button>
      </FORM>
      <form method="POST"></form>`);
    expect(forms).toEqual([
      {
        action: '/approve?a=1&b=2',
        fields: [
          { name: 'state', value: `a "b" <c> d'e &nope;`, isHidden: true },
          { name: 'note', value: '1 > 0', isHidden: false },
        ],
        checkboxes: [
          { name: 'scopes[]', value: 'mcp:write', checked: true },
          { name: 'plain', value: 'on', checked: false },
        ],
        buttons: [
          { name: 'approved', value: 'true' },
          { name: 'approved', value: 'false' },
        ],
      },
      { action: '', fields: [], checkboxes: [], buttons: [] },
    ]);
  });
});
