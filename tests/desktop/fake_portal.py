"""A desktop's screenshot portal, on a bus of the test's own. Run by the system's Python, which has gi."""

import json
import sys

from gi.repository import Gio, GLib

INTERFACE = """
<node><interface name="org.freedesktop.portal.Screenshot">
  <method name="Screenshot">
    <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
  </method>
  <property name="version" type="u" access="read"/>
</interface></node>
"""
PATH = "/org/freedesktop/portal/desktop"


def tell(**facts):
    print(json.dumps(facts), flush=True)  # noqa: T201  # how these programs report


class Portal:
    def __init__(self, answers):
        self._answers = answers

    def call(self, bus, sender, path, interface, method, parameters, invocation):
        """Answer a call as the next of the answers says: by a code and an address, at once or in vain."""
        window, options = parameters.unpack()
        tell(event="asked", window=window, options=sorted(options))
        answer = self._answers.pop(0)
        if answer == "refuse":
            invocation.return_dbus_error("org.freedesktop.DBus.Error.Failed", "not today")
            return
        token = options["handle_token"] if not answer.startswith("old:") else "a_path_of_its_own"
        handle = f"{PATH}/request/{sender[1:].replace('.', '_')}/{token}"
        code, _, address = answer.removeprefix("old:").partition(" ")
        results = {"uri": GLib.Variant("s", address)} if address else {}
        response = GLib.Variant("(ua{sv})", (int(code), results))
        request = (sender, handle, "org.freedesktop.portal.Request", "Response", response)
        if answer.startswith("old:"):
            invocation.return_value(GLib.Variant("(o)", (handle,)))
            GLib.timeout_add(300, lambda: bus.emit_signal(*request) and False)
        else:
            bus.emit_signal(*request)  # before the call returns: the asker must be listening already
            invocation.return_value(GLib.Variant("(o)", (handle,)))


def main(answers):
    portal = Portal(answers)
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]

    def serve(bus, name):
        bus.register_object(PATH, interface, portal.call, lambda *asked: GLib.Variant("u", 4), None)

    Gio.bus_own_name(
        Gio.BusType.SESSION,
        "org.freedesktop.portal.Desktop",
        Gio.BusNameOwnerFlags.NONE,
        serve,
        lambda bus, name: tell(event="ready"),
        None,
    )
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1:])
