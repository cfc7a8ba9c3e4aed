import PluginHost
import Testing

@Suite struct SecretMaskTests {
    @Test(
        arguments: [
            (["tok-12345"], "Authorization: tok-12345!", "Authorization: •••!"),
            (["abcd", "abcdefgh"], "abcdefgh and abcd", "••• and •••"),
            (["first line\nsecond line"], "it has second line in it", "it has ••• in it"),
            (["no", ""], "no secret is that short", "no secret is that short"),
            (["pa•••ss"], "pa•••ss", "•••"),
        ])
    func `known secrets are taken out of texts`(secrets: [String], text: String, masked: String) {
        #expect(SecretMask(secrets).masked(text) == masked)
    }
}
