/**
 * What a page of ours may do, as headers, the same in both shells. Style attributes are allowed because components place
 * popovers and virtual rows with them; style sheets and scripts come only from our own files.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // Other programs' pages on this machine are "same site" with a loopback page: they may not embed our images.
  'cross-origin-resource-policy': 'same-origin'
}
