/** Lets one process at a time install and build in a copy of Deskbridge. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const POLL_MS = 200;

/**
 * The lock lies in the copy: in the shared temp folder any user could hold it for ever. Installing wipes `node_modules`.
 * @param {string} root
 */
const lockPath = (root) => path.join(root, '.ready.lock');

/**
 * Runs `work` alone; waits while another living process is at it, and takes over from one that has died.
 * @param {string} root
 * @param {() => void} work
 * @param {(text: string) => void} say is told once who is waited for
 */
function withReadyLock(root, work, say = () => undefined) {
  const lock = lockPath(root);
  let told = false;
  while (!take(lock)) {
    const holder = Number(read(lock));
    if (holder && !runs(holder)) fs.rmSync(lock, { force: true });
    else {
      if (holder && !told) say(`Process ${holder} is making this copy ready (${lock}); waiting for it.\n`);
      told ||= holder > 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }
  try {
    work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(lock) {
  const draft = `${lock}.${process.pid}`;
  fs.writeFileSync(draft, String(process.pid), { mode: 0o600 });
  try {
    fs.linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { lockPath, withReadyLock };
