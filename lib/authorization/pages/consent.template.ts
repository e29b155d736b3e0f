/** The built-in consent page. Works without JavaScript: one form, two submit buttons. */
export const CONSENT_TEMPLATE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{{clientName}} asks for access – {{resourceName}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<div class="pair" aria-hidden="true"><span class="mark">{{initial clientName}}</span><span class="dots"><i></i><i></i><i></i></span><span class="mark server"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="4" width="18" height="7" rx="2"/><rect x="3" y="13" width="18" height="7" rx="2"/><path d="M7 7.5h.01M7 16.5h.01M11 7.5h6M11 16.5h6"/></svg></span></div>
<h1>{{clientName}} wants access to {{resourceName}}</h1>
<p>You are signed in as <strong>{{userName}}</strong></p>
</header>
{{#if showNotice}}
<section aria-label="Before you allow this">
{{#unless clientIsVerified}}
<p class="notice"><strong>This application is not verified</strong>It registered itself under the name “{{clientName}}”. Allow it only if you have just started this connection yourself.</p>
{{/unless}}
{{#if redirectIsLoopback}}
<p class="notice"><strong>It runs on this computer</strong>Access goes to a program on the device that you are using now. Any program there could ask under this name.</p>
{{/if}}
</section>
{{/if}}
<form method="post" action="{{approveUrl}}">
{{#each authorizationParams}}
<input type="hidden" name="{{@key}}" value="{{this}}">
{{/each}}
<input type="hidden" name="scopes[]" value="">
<fieldset>
<legend>It will be able to</legend>
<ul class="scopes">
{{#each scopes}}
{{#if required}}
<li class="fixed"><label><input type="checkbox" checked disabled aria-describedby="about-{{@index}}"><span class="name">{{name}}</span><span class="badge">Required</span><span class="about" id="about-{{@index}}">{{description}}</span></label><input type="hidden" name="scopes[]" value="{{key}}"></li>
{{else}}
<li><label><input type="checkbox" name="scopes[]" value="{{key}}" checked aria-describedby="about-{{@index}}"><span class="name">{{name}}</span><span></span><span class="about" id="about-{{@index}}">{{description}}</span></label></li>
{{/if}}
{{/each}}
</ul>
</fieldset>
<section>
<dl>
{{#if clientHost}}<dt>Website</dt><dd>{{clientHost}}</dd>{{/if}}
<dt>You return to</dt><dd>{{redirectHost}}</dd>
<dt>Server</dt><dd>{{resource}}</dd>
</dl>
</section>
<div class="actions">
<button type="submit" name="approved" value="false">Deny</button>
<button class="primary" type="submit" name="approved" value="true">Allow</button>
</div>
</form>
<footer>Afterwards you are sent to <code>{{redirectUri}}</code></footer>
</main>
</body>
</html>
`;
