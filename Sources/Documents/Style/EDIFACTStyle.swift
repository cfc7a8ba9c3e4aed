/// What is agreed about EDIFACT files with their receiver.
package struct EDIFACTStyle: Sendable, Equatable {
    package var sender: EDIFACTInterchange.Partner
    package var recipient: EDIFACTInterchange.Partner
    package var profile: EDIFACTProfile
    package var layout = EDIFACTLayout()
    package var isTest = false
    /// Every message names these two.
    package var buyer: DocumentParty
    package var supplier: DocumentParty
    package var deliverTo: DocumentParty?

    package init(
        sender: EDIFACTInterchange.Partner, recipient: EDIFACTInterchange.Partner, profile: EDIFACTProfile, buyer: DocumentParty,
        supplier: DocumentParty
    ) {
        self.sender = sender
        self.recipient = recipient
        self.profile = profile
        self.buyer = buyer
        self.supplier = supplier
    }
}
