import { ConfigError } from '../config.ts'

/** The oldest server that everything here was tried on. */
const OLDEST = 15

/** Who cannot have a connection by then is told that the service is unavailable, instead of waiting for ever. */
export const CONNECT_MS = 10_000

/** What stops a database from being used, as one sentence that begins with the setting that names it. */
export function whyNoDatabase(setting: string, url: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const { host, username, pathname } = new URL(url)
  const say = (words: string) => new ConfigError(`${setting}: ${words}`)
  const name = pathname.slice(1)
  if (/^28/.test(code))
    return say(
      `the server does not let ${username || 'this user'} in: correct the name and password. (./panel migrate makes the role panel_app; you give it a password.)`,
    )
  if (code === '3D000') return say(`there is no database ${name}: make it, or correct the address.`)
  if (code === '53300')
    return say('the server has no connection left: raise its max_connections, or stop what uses them.')
  if (/^57P0/.test(code)) return say('the server is starting or stopping: try again in a moment.')
  if (code === '42501')
    return say(`${username || 'this user'} may not use the database ${name} so: give it the rights.`)
  if (/SELF_SIGNED|CERT/.test(code) || (error instanceof Error && /SSL/.test(error.message)))
    return say(
      `the server at ${host} and this service do not agree on TLS: give the server a certificate that is trusted here, or correct sslmode in the address.`,
    )
  if (/^E[A-Z]+$/.test(code) || isTimeout(error))
    return say(`no PostgreSQL server answers at ${host || 'the local socket'}: start it, or correct the address.`)
  return error instanceof Error ? error : new Error(`${setting} cannot be used.`)
}

/** `select current_setting('server_version_num')` of a server that is too old. */
export function refuseOldServer(setting: string, versionNumber: number): void {
  if (versionNumber < OLDEST * 10_000)
    throw new ConfigError(
      `${setting}: the server must be PostgreSQL ${OLDEST} or later, and is ${Math.floor(versionNumber / 10_000)}.`,
    )
}

/** pg gives no code when a connection was not had in time, or was lost. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^(timeout expired|timeout exceeded|Connection terminated)/.test(error.message)
}
