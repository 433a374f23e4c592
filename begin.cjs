// Begins every command. Runs on Node 20 without dependencies: brings the right Node as npm's platform package, runs npm
// under it, and goes on under it. `npm start`, `npm test`, `npm run serve` and `./panel` all begin here.
const { spawn, spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { constants } = require('node:os')
const { dirname, join } = require('node:path')

const root = __dirname
const runtime = join(root, '.runtime')
const version = '24.21.0'
const oldest = [24, 12]
const [command = 'demo', ...rest] = process.argv.slice(2)

const commands = {
  demo: { entry: 'src/main.ts', env: { PANEL_MODE: process.env.PANEL_MODE || 'demo' } },
  serve: { entry: 'src/main.ts', env: { PANEL_MODE: process.env.PANEL_MODE || 'live' } },
  panel: { entry: 'src/cli.ts' },
  test: { entry: 'test/run.ts' },
  'test:long': { entry: 'test/run.ts', args: ['long'] },
  'test:crash': { entry: 'test/run.ts', args: ['crash'] },
  bench: { entry: 'bench/run.ts' },
}

const full = 'The disk is full: free about 1 GB and start again.'

function stop(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** One begin at a time installs; the others wait for it. A lock whose process is gone is taken over. */
function alone(work) {
  const lock = join(runtime, 'installing')
  const until = Date.now() + 10 * 60_000
  try {
    mkdirSync(runtime, { recursive: true })
  } catch {
    stop(`${root} must be a folder that you may write to: the right Node is kept there.`)
  }
  while (!take(lock)) {
    if (Date.now() > until) stop('Another start is still installing: wait for it, or stop it, and start again.')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
  }
  process.on('exit', () => rmSync(lock, { force: true }))
  work()
  rmSync(lock, { force: true })
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') stop(error.code === 'ENOSPC' ? full : `${lock} cannot be written: ${error.code}.`)
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'))
    if (holder) process.kill(holder, 0)
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true })
  }
  return false
}

function isNew(text) {
  const [major, minor] = text.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

function npmCli() {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const candidates = [
    process.env.npm_execpath,
    beside,
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
  ]
  return candidates.find(path => path?.endsWith('npm-cli.js') && existsSync(path))
}

function npm(node, args, cwd, why) {
  const cli = npmCli()
  const env = {
    ...process.env,
    npm_config_loglevel: 'error',
    PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  }
  process.stderr.write(`${why}\n`)
  const stdio = ['ignore', 'pipe', 'pipe']
  const done = cli
    ? spawnSync(node, [cli, ...args], { cwd, env, stdio, encoding: 'utf8' })
    : spawnSync('npm', args, {
        cwd,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        shell: process.platform === 'win32',
      })
  if (done.status === 0) return
  const said = `${done.stderr ?? ''}${done.stdout ?? ''}${done.error ?? ''}${done.signal ?? ''}`
  if (/ENOSPC/.test(said)) stop(full)
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|SELF_SIGNED|UNABLE_TO|E403|E407/.test(said))
    stop('npm cannot reach its package registry: check the network, or npm config get registry, and start again.')
  stop(
    `npm could not install what is needed:\n${said
      .split('\n')
      .filter(line => !/npm warn/.test(line))
      .slice(0, 12)
      .join('\n')}`,
  )
}

/** The Node to go on under: this one when it is new enough, else npm's package of it for this platform. */
function theNode() {
  if (isNew(process.versions.node)) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const node = join(runtime, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(node)) return node
  alone(() => {
    if (existsSync(node)) return
    writeFileSync(join(runtime, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`]
    npm(
      process.execPath,
      args,
      runtime,
      `Bringing Node ${version} (this is Node ${process.versions.node}; needed once)…`,
    )
  })
  if (!existsSync(node))
    stop(`There is no Node ${version} package for ${process.platform} ${process.arch}: install Node 24 by hand.`)
  return node
}

/** Installs the libraries when they are missing or the lock file has changed since. */
function install(node) {
  const modules = join(root, 'node_modules')
  const stamp = join(modules, '.begin')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isDone()) return
  alone(() => {
    if (isDone()) return
    npm(node, ['ci', '--no-audit', '--no-fund'], root, 'Installing the libraries (needed once, about a minute)…')
    writeFileSync(stamp, wanted)
  })
}

const chosen = commands[command]
if (!chosen) stop(`begin knows ${Object.keys(commands).join(', ')}, not "${command}".`)
const node = theNode()
install(node)
const child = spawn(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, chosen.entry), ...(chosen.args ?? []), ...rest],
  {
    stdio: 'inherit',
    cwd: command === 'panel' ? process.cwd() : root,
    env: {
      ...process.env,
      DATA_DIR: process.env.DATA_DIR || join(root, 'data'),
      // What Node made of the files is kept: every start after the first is about a second faster.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(runtime, 'compiled'),
      ...chosen.env,
    },
  },
)
// A terminal sends Ctrl+C to the child too: only what reaches this process alone is passed on.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', () => stop('Node could not be started: delete the folder .runtime and start again.'))
child.on('exit', (code, signal) => {
  if (signal) process.exit(128 + (constants.signals[signal] ?? 15))
  process.exit(code ?? 1)
})
