/**
 * What stands in the snapshot for modules that Pyodide imports as it starts but that our package never uses: an
 * event loop, with all that it pulls in, and the installer of packages: a third of the snapshot. They
 * keep the JavaScript objects that a snapshot must have, in the order that Pyodide expects.
 */
export const STANDINS = {
  "asyncio/__init__.py": "def get_event_loop(): raise RuntimeError('there is no event loop')\n",
  "pyodide/webloop.py": `
from pyodide_js._api import scheduleCallback

def _initialize_event_loop():
    from pyodide_js._api import config
`,
  "pyodide/_package_loader.py": `
from pyodide_js import loadedPackages

class Folder:
    def __init__(self, path):
        self.path = path

    def __str__(self):
        return self.path

SITE_PACKAGES = Folder("/lib/python3.14/site-packages")
DSO_DIR = Folder("/usr/lib")

def init_loaded_packages():
    pass
`,
};
