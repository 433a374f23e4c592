import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { lockFolder } from '#src/platform/database/lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'panelkeeper-'))
after(() => rmSync(dir, { recursive: true }))

test('a second service on the same folder is refused in one sentence, whichever database it has', () => {
  const lock = lockFolder(dir)
  for (const database of [{}, { DATABASE_URL: 'postgres://panel_app@127.0.0.1:1/none' }]) {
    const env = { PATH: process.env.PATH, DATA_DIR: dir, PORT: '0', ...database }
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts')], { env })
    assert.equal(status, 1)
    assert.match(
      String(stderr),
      /^Another panelkeeper \(process \d+\) is already using \S+: stop it first, or set .*\.\n$/,
    )
  }
  lock.release()
})
