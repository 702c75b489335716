/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/cups.h"
#include <string.h>

static const char text[] = "# Printer configuration file\n"
                           "NextPrinterId 4\n"
                           "Info outside of any printer\n"
                           "<DefaultPrinter Office>\n"
                           "Info  Office \\#2 \\\\ north\n"
                           "MakeModel LaserJet, driverless\r\n"
                           "DeviceURI ipps://adam:p@ss/word@[2001:db8::7]:631/ipp/print\n"
                           "Shared Yes\n"
                           "Location\n"
                           "</DefaultPrinter>\n"
                           "Location after it\n"
                           "<Printer b>\n"
                           "DeviceURI socket://printer.example.org:9100\n"
                           "Shared no\n"
                           "</Printer>\n"
                           "<Printer c>\n"
                           "DeviceURI hp:/net/LaserJet?ip=192.0.2.7&queue=false\n"
                           "</Printer>\n"
                           "<Class all>\n"
                           "Info not a printer\n"
                           "</Class>\n"
                           "<Printer d>\n"
                           "DeviceURI smb://CORP%5Cadam:secret@server/share\n"
                           "DeviceURI usb://Maker/Label?serial=1";

static void
test_parse (void)
{
  g_autoptr (GPtrArray) printers = ocs_cups_parse (text);
  g_assert_cmpuint (printers->len, ==, 4);
  const OcsPrinter *office = g_ptr_array_index (printers, 0);
  const OcsPrinter *socket = g_ptr_array_index (printers, 1);
  const OcsPrinter *hp = g_ptr_array_index (printers, 2);
  const OcsPrinter *label = g_ptr_array_index (printers, 3);
  g_assert_cmpstr (office->name, ==, "Office");
  g_assert_cmpstr (office->info, ==, "Office #2 \\ north");
  g_assert_cmpstr (office->driver, ==, "LaserJet, driverless");
  g_assert_cmpstr (office->location, ==, "");
  g_assert_true (office->is_shared);
  g_assert_cmpstr (socket->uri, ==, "socket://printer.example.org:9100");
  g_assert_cmpstr (socket->host, ==, "printer.example.org");
  g_assert_null (socket->info);
  g_assert_false (socket->is_shared);
  g_assert_cmpstr (hp->host, ==, "192.0.2.7");
  g_assert_cmpstr (label->uri, ==, "usb://Maker/Label?serial=1"); /* the last word counts */
  g_assert_null (label->host);
}

static void
check_uri (const char *written, const char *uri, const char *host)
{
  g_autofree char *lines = g_strdup_printf ("<Printer x>\nDeviceURI %s\n</Printer>\n", written);
  g_autoptr (GPtrArray) printers = ocs_cups_parse (lines);
  g_assert_cmpuint (printers->len, ==, 1);
  const OcsPrinter *printer = g_ptr_array_index (printers, 0);
  g_assert_cmpstr (printer->uri, ==, uri);
  g_assert_cmpstr (printer->host, ==, host);
}

/* No login may leave the machine in an inventory. */
static void
test_login (void)
{
  check_uri ("ipp://adam:secret@h/p", "ipp://h/p", "h");
  check_uri ("ipp://adam:se@cret@h:631/p@q", "ipp://h:631/p@q", "h");
  check_uri ("smb://CORP;adam:secret@server/share", "smb://server/share", "server");
  check_uri ("lpd://adam@h", "lpd://h", "h");
  check_uri ("dnssd://Maker%20P._ipp._tcp.local/?uuid=1", "dnssd://Maker%20P._ipp._tcp.local/?uuid=1", "Maker P._ipp._tcp.local");
  check_uri ("file:///dev/null", "file:///dev/null", NULL);
  check_uri ("ipp://", "ipp://", NULL);
  check_uri ("serial:/dev/ttyS0", "serial:/dev/ttyS0", NULL);
  check_uri ("ipp://[2001:db8::7]:631/", "ipp://[2001:db8::7]:631/", "2001:db8::7");
}

static void
test_garbage (void)
{
  g_autoptr (GPtrArray) nothing = ocs_cups_parse (NULL);
  g_assert_cmpuint (nothing->len, ==, 0);
  for (gsize length = 0; length < sizeof text; length++) {
    g_autofree char *cut = g_strndup (text, length);
    g_autoptr (GPtrArray) printers = ocs_cups_parse (cut);
    g_assert_cmpuint (printers->len, <=, 4);
  }
  g_autoptr (GPtrArray) odd = ocs_cups_parse ("<Printer >\nInfo\nDeviceURI\n<\n>\n\\\n<Printer x\nInfo a\\");
  g_assert_cmpuint (odd->len, ==, 1);
  g_assert_cmpstr (((OcsPrinter *)g_ptr_array_index (odd, 0))->info, ==, "a\\");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cups/parse", test_parse);
  g_test_add_func ("/cups/login", test_login);
  g_test_add_func ("/cups/garbage", test_garbage);
  return g_test_run ();
}
