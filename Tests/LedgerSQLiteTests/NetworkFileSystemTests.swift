import SQLiteStore
import TestSupport
import Testing

@Suite("Where a ledger may lie")
struct NetworkFileSystemTests {
    private static let mounts = #"""
        sysfs /sys sysfs rw 0 0
        /dev/sda1 / ext4 rw,relatime 0 0
        filer:/export /srv nfs4 rw,vers=4.2 0 0
        /dev/sdb1 /srv/local xfs rw 0 0
        //server/share /mnt/with\040blank cifs rw 0 0
        host:/ /mnt/tab\011and\134backslash fuse.sshfs rw 0 0
        auto /home autofs rw 0 0
        filer:/home /home nfs rw 0 0
        overlay /over overlay rw 0 0
        broken

        """#

    @Test(arguments: [
        ("/var/lib/crossdock.db", "ext4"), ("/srv/ledger.db", "nfs4"), ("/srv/local/ledger.db", "xfs"),
        ("/srvx/ledger.db", "ext4"),
        ("/srv", "nfs4"), ("/mnt/with blank/ledger.db", "cifs"), ("/mnt/tab\tand\\backslash/ledger.db", "fuse.sshfs"),
        ("/mnt/ledger.db", "ext4"), ("/home/ann/ledger.db", "nfs"), ("/over/ledger.db", "overlay"), ("/", "ext4"),
    ])
    func `a path is on its innermost mount, the latest of several`(_ path: String, _ type: String) {
        #expect(NetworkFileSystem.type(of: path, mounts: Self.mounts) == type)
    }

    @Test func `without a mount table nothing is known`() {
        #expect(NetworkFileSystem.type(of: "/var", mounts: "") == nil)
    }

    @Test func `this machine's temporary folder is local`() throws {
        let folder = try ProjectFolder.Temporary()
        #expect(NetworkFileSystem.name(at: folder.path + "/ledger.db") == nil)
    }
}
