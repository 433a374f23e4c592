import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const floors = ['platform', 'promises', 'panel', 'people', 'top']
const files = globSync('src/**/*.ts', { cwd: root }).filter(file => !file.endsWith('.test.ts'))

/** A room is a folder of a floor; what stands beside the floors is the top. */
function placeOf(file: string): { floor: number; room: string } {
  const [, floor = '', room = ''] = file.split('/')
  const at = floors.indexOf(floor)
  return at < 0 ? { floor: floors.length - 1, room: '' } : { floor: at, room: `${floor}/${room.replace(/\.ts$/, '')}` }
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g)].flatMap(([, a, b]) => {
    const path = a ?? b ?? ''
    if (path.startsWith('#src/')) return [path.replace('#src/', 'src/')]
    return path.startsWith('.') ? [normalize(join(dirname(file), path))] : []
  })
}

test('a file imports from its own room and from lower floors, never upward', () => {
  const upward = files.flatMap(file =>
    importsOf(file)
      .filter(other => placeOf(other).floor > placeOf(file).floor)
      .map(other => `${file} imports ${other}`),
  )
  assert.deepEqual(upward, [])
})

test('the notice is pure data: it imports nothing from outside itself', () => {
  const outside = files
    .filter(file => file.startsWith('src/promises/notice/'))
    .flatMap(file =>
      importsOf(file)
        .filter(other => !other.startsWith('src/promises/notice/'))
        .map(other => `${file}: ${other}`),
    )
  assert.deepEqual(outside, [])
})

test('the selection knows nobody: it imports from itself and the platform alone', () => {
  const outside = files
    .filter(file => file.startsWith('src/panel/selection/') && !file.startsWith('src/panel/selection/board/'))
    .flatMap(file =>
      importsOf(file)
        .filter(other => !/^src\/(panel\/selection|platform)\//.test(other))
        .map(other => `${file}: ${other}`),
    )
  assert.deepEqual(outside, [])
})

test('nothing reads the environment but the settings', () => {
  const readers = files.filter(file => /process\.env/.test(readFileSync(join(root, file), 'utf8')))
  const allowed = ['src/platform/config.ts', 'src/main.ts', 'src/cli.ts']
  assert.deepEqual(
    readers.filter(file => !allowed.includes(file)),
    [],
  )
})
