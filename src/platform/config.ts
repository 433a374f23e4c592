import { accessSync, constants, mkdirSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'

/** Every setting of the service, read once from the environment. Nothing else reads `process.env`. */
export interface Config {
  mode: 'demo' | 'live'
  port: number
  host: string
  /** The address people type, without a trailing slash. */
  baseUrl: string
  dataDir: string
  databaseUrl?: string
  ownerDatabaseUrl?: string
  keysDatabaseUrl?: string
  masterKeyFile: string
  smtpUrl?: string
  mailFrom: string
  s3Url?: string
  oidc?: { issuer: string; clientId: string; clientSecret: string }
  /** The instant the clock starts from; never in live mode. */
  now?: string
  /** How many proxies stand in front and may be believed about the visitor's address. */
  proxies: number
}

/** A setting that stops the start, as one sentence that says how to mend it. */
export class ConfigError extends Error {}

/** Reads the settings; throws a ConfigError with one sentence a wrong value. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const wrong: string[] = []
  const value = (name: string) => env[name]?.trim() || undefined
  const mode = value('PANEL_MODE') ?? 'demo'
  if (mode !== 'demo' && mode !== 'live') wrong.push(`PANEL_MODE must be demo or live, not "${mode}".`)
  const live = mode === 'live'
  const port = whole(value('PORT') ?? '3000', 0, 65535)
  if (port === undefined) wrong.push('PORT must be a whole number from 0 to 65535, for example 3000.')
  const proxies = whole(value('PROXIES') ?? '0', 0, 10)
  if (proxies === undefined) wrong.push('PROXIES must be the number of proxies in front of the service, 0 to 10.')
  const host = value('HOST') ?? '127.0.0.1'
  if (!isIP(host) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host))
    wrong.push('HOST must be the address to listen on, like 127.0.0.1, or 0.0.0.0 for every network of this machine.')
  const baseUrl = (value('BASE_URL') ?? `http://localhost:${port ?? 3000}`).replace(/\/+$/, '')
  if (!isUrl(baseUrl, ['http:', 'https:']))
    wrong.push('BASE_URL must be a web address, like https://panel.example.org.')
  else if (new URL(baseUrl).href !== `${new URL(baseUrl).origin}/`)
    wrong.push('BASE_URL must be the bare address of the site, without a path: the service answers at its root.')
  else if (live && !baseUrl.startsWith('https://'))
    wrong.push('BASE_URL must begin with https:// in live mode, so that nothing travels unprotected.')
  for (const name of ['DATABASE_URL', 'OWNER_DATABASE_URL', 'KEYS_DATABASE_URL'] as const)
    if (value(name) && !namesDatabase(value(name) ?? ''))
      wrong.push(`${name} must be a PostgreSQL address, like postgres://user:password@host:5432/panel.`)
  if (value('KEYS_DATABASE_URL') && sameDatabase(value('KEYS_DATABASE_URL'), value('DATABASE_URL')))
    wrong.push(
      'KEYS_DATABASE_URL must name another database than DATABASE_URL, best on another server: keys and data are backed up apart.',
    )
  if (value('SMTP_URL') && !isUrl(value('SMTP_URL') ?? '', ['smtp:', 'smtps:'], url => url.hostname !== ''))
    wrong.push('SMTP_URL must be a mail server address, like smtps://user:password@mail.example.org:465.')
  const isBucket = (url: URL) => url.username !== '' && url.password !== '' && /^\/[^/]+$/.test(url.pathname)
  if (value('S3_URL') && !isUrl(value('S3_URL') ?? '', ['http:', 'https:', 's3:'], isBucket))
    wrong.push('S3_URL must be an address like https://KEY:SECRET@s3.example.org/bucket.')
  const now = value('PANEL_NOW')
  if (now && !(/^\d{4}-\d\d-\d\d/.test(now) && Number.isFinite(Date.parse(now))))
    wrong.push('PANEL_NOW must be an instant, like 2026-11-23T09:00:00Z.')
  const mailFrom = value('MAIL_FROM') ?? 'Resident Panel <panel@localhost>'
  if (!/^([^<>@\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(mailFrom))
    wrong.push('MAIL_FROM must hold one email address, like Resident Panel <panel@example.org>.')
  const oidcParts = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'].map(value)
  const [issuer, clientId, clientSecret] = oidcParts
  if (oidcParts.some(Boolean) && !oidcParts.every(Boolean))
    wrong.push('Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together, or none of them.')
  if (issuer && !isUrl(issuer, ['http:', 'https:']))
    wrong.push('OIDC_ISSUER must be a web address, like https://login.example.org/tenant/v2.0.')
  else if (live && issuer && !issuer.startsWith('https://'))
    wrong.push('OIDC_ISSUER must begin with https:// in live mode, so that nobody can stand in for it.')
  if (live) {
    if (!value('DATABASE_URL'))
      wrong.push('DATABASE_URL must name a PostgreSQL database in live mode: the built-in one is for the demo only.')
    if (!value('SMTP_URL')) wrong.push('SMTP_URL must name a mail server in live mode, or nobody gets their letters.')
    if (!value('MAIL_FROM')) wrong.push('MAIL_FROM must be set in live mode: it is who residents see the mail is from.')
    if (!value('MASTER_KEY_FILE'))
      wrong.push('MASTER_KEY_FILE must name the master key file in live mode. Make one with: ./panel keys make FILE')
    if (!value('BASE_URL')) wrong.push('BASE_URL must be set in live mode: links in mail are made from it.')
    if (now) wrong.push('PANEL_NOW cannot be set in live mode: the clock must tell the true time.')
  }
  const dataDir = resolve(value('DATA_DIR') ?? './data')
  const unwritable = checkWritable(dataDir)
  if (unwritable) wrong.push(unwritable)
  if (wrong.length) throw new ConfigError(wrong.join('\n'))
  return {
    mode: live ? 'live' : 'demo',
    port: port ?? 3000,
    proxies: proxies ?? 0,
    host,
    baseUrl,
    dataDir,
    mailFrom,
    masterKeyFile: value('MASTER_KEY_FILE') ?? resolve(dataDir, 'master-keys.json'),
    ...optional('databaseUrl', value('DATABASE_URL')),
    ...optional('ownerDatabaseUrl', value('OWNER_DATABASE_URL')),
    ...optional('keysDatabaseUrl', value('KEYS_DATABASE_URL')),
    ...optional('smtpUrl', value('SMTP_URL')),
    ...optional('s3Url', value('S3_URL')),
    ...optional('now', now),
    ...(issuer && clientId && clientSecret ? { oidc: { issuer, clientId, clientSecret } } : {}),
  }
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string })
}

function whole(text: string, least: number, most: number): number | undefined {
  const number = Number(text)
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined
}

function isUrl(text: string, protocols: string[], fits: (url: URL) => boolean = () => true): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return protocols.includes(url.protocol) && fits(url)
}

function namesDatabase(text: string): boolean {
  return isUrl(text, ['postgres:', 'postgresql:'], url => url.pathname.length > 1)
}

function sameDatabase(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other || !URL.canParse(one) || !URL.canParse(other)) return false
  const place = (text: string) => {
    const url = new URL(text)
    return `${url.hostname.toLowerCase()}:${url.port || 5432}${url.pathname}`
  }
  return place(one) === place(other)
}

function checkWritable(dir: string): string | undefined {
  try {
    if (dir.startsWith('/proc/')) throw new Error('no folder can be made here') // Node would try for ever
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    accessSync(dir, constants.W_OK | constants.X_OK)
  } catch {
    return `DATA_DIR must be a folder that this service may write to: make ${dir} and give it to the user the service runs as.`
  }
}
