import type { Config } from '#src/platform/config.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { plainHost, processorEntries } from './processors.ts'

type Addresses = Pick<Config, 'databaseUrl' | 'keysDatabaseUrl' | 'smtpUrl' | 's3Url' | 'oidc'>

/** The other machines that the settings send personal data to: what for, and by which name. */
export function hostsOf(config: Addresses): { what: string; host: string }[] {
  const named: [string, string | undefined][] = [
    ['database', config.databaseUrl],
    ['key store', config.keysDatabaseUrl],
    ['mail', config.smtpUrl],
    ['file', config.s3Url],
    ['sign-in', config.oidc?.issuer],
  ]
  return named.flatMap(([what, address]) => {
    const host = address === undefined ? undefined : hostIn(address)
    return host === undefined || isHere(host) ? [] : [{ what, host }]
  })
}

/** Why a host may not be used yet, a sentence each that says how to mend it: no standing entry of the register names it. */
export async function unnamedHosts(tx: Tx, config: Addresses): Promise<string[]> {
  const standing = (await processorEntries(tx)).filter(one => one.ended_on === null)
  const known = new Set(standing.flatMap(one => one.hosts))
  return hostsOf(config)
    .filter(({ host }) => !known.has(host))
    .map(
      ({ what, host }) =>
        `No entry of the processor register names the ${what} host ${host}: once its contract is checked, run ./panel processor add NAME --host ${host} --does "what it does" --contract DATE.`,
    )
}

/** The machine that an address leads to: PostgreSQL takes it from `?host=` too. */
function hostIn(address: string): string {
  const url = new URL(address)
  return plainHost(url.searchParams.get('host') ?? decodeURIComponent(url.hostname))
}

/** This machine itself, or a socket in its file system: nobody else receives anything. */
function isHere(host: string): boolean {
  return (
    host === '' ||
    host.startsWith('/') ||
    /^(.+\.)?localhost$/.test(host) ||
    /^127(\.\d{1,3}){3}$/.test(host) ||
    host === '::1'
  )
}
