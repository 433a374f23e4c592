import { stringify } from 'csv-stringify/sync'

/**
 * A table as CSV that a spreadsheet opens safely: with a byte order mark, and with a leading apostrophe before anything
 * that a spreadsheet would run as a formula (OWASP, CSV injection).
 */
export function csv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${stringify([header.map(safe), ...rows.map(row => row.map(safe))], { quoted_match: /[\r\n",;']/ })}`
}

function safe(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return typeof value === 'string' && /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
}
