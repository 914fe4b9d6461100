/** What an attacker has uploaded to where a relative address leads from `/attack/uploads/`. */
self.importScripts("/attack/attackers-worker.js");
