package import CloudSuite
import Ledger
package import Mapping
package import OrderFlow
package import Orders
package import SinkKit
import Transport

/// One shop joined to one sink under one policy, put together and ready to run.
package struct Flow: Sendable {
    package var name: String
    package var shopName: String
    package var shop: CloudSuiteClient
    package var parties: PartyDirectory
    package var sinkName: String
    package var sink: any ERPSink
    package var policy: FlowPolicy
    /// How orders are made ready for the sink.
    package var preparation: Preparation
    package var pull: PullPolicy
    /// `nil` for a flow that sends none.
    package var documents: FlowDocuments?
    /// Where codes are kept that the sink hands out; `nil` for a sink that hands out none.
    package var vault: CodeVault?
    /// Orders worked on at a time.
    package var concurrency: Int
    /// How long one call to the sink may take.
    package var sinkTimeLimit: Duration
    /// Who decides; a checker of the checks puts somebody else in the planner's place.
    package var makePlanner: @Sendable (FlowPolicy) -> any Planning = { Planner(policy: $0) }

    /// Who judges what messages say; replaced as ``makePlanner`` is.
    package var makeMessageJudge: @Sendable (FlowPolicy) -> any MessageJudging = { MessageJudge(policy: $0) }

    package init(
        name: String, shopName: String, shop: CloudSuiteClient, parties: PartyDirectory, sinkName: String, sink: any ERPSink,
        policy: FlowPolicy, mapping: MappingTables? = nil, pull: PullPolicy, concurrency: Int = 16,
        sinkTimeLimit: Duration = .seconds(30)
    ) {
        self.name = name
        self.shopName = shopName
        self.shop = shop
        self.parties = parties
        self.sinkName = sinkName
        self.sink = sink
        self.policy = policy
        preparation = Preparation(tables: mapping, requiredFields: sink.capabilities.requiredFields, parties: parties)
        self.pull = pull
        self.concurrency = concurrency
        self.sinkTimeLimit = sinkTimeLimit
    }

    package var planner: any Planning {
        var policy = policy
        policy.preparedWith = preparation.digest
        policy.receivesMessages = sink.capabilities.receivesMessages
        policy.deliversSecrets = sink.capabilities.deliversSecrets
        return makePlanner(policy)
    }

    var registration: FlowRegistration {
        FlowRegistration(flow: name, shop: shopName, origin: shop.endpoint.origin.description, webshop: policy.webshop)
    }

    package var messageJudge: any MessageJudging { makeMessageJudge(policy) }
}

extension Flow {
    /// Asks for this flow's orders of one state, or for those among them that were placed elsewhere.
    func query(
        _ state: OrderState, isOffline: Bool, confirmedFrom: Timestamp?, until: Timestamp? = nil
    ) -> OrderQuery {
        var query = OrderQuery()
        query.state = state
        query.confirmedFrom = confirmedFrom
        query.confirmedUntil = until
        query.isOffline = isOffline
        query.webshop = policy.webshop
        return query
    }

    func key(_ id: Int64) -> OrderKey { OrderKey(shop: shopName, orderID: id) }

    /// Who ordered, and where it goes, as far as a table or the shop knows.
    package func resolvedParties(of order: Order) async throws(ShopError) -> OrderMapper.Parties {
        OrderMapper.Parties(
            customer: try await parties.party(order.customer, .customer),
            shipmentAddress: try await parties.party(order.shipmentAddress, .address),
            invoiceAddress: try await parties.party(order.invoiceAddress, .address))
    }

    /// The same without asking the shop.
    package func knownParties(of order: Order) -> OrderMapper.Parties {
        OrderMapper.Parties(
            customer: parties.known(order.customer, .customer), shipmentAddress: parties.known(order.shipmentAddress, .address),
            invoiceAddress: parties.known(order.invoiceAddress, .address))
    }
}

/// Which orders are listed.
package struct PullPolicy: Sendable, Equatable {
    /// Orders confirmed before that are never listed.
    package var since: Timestamp
    /// How far before the watermark a listing begins: the shop's date-times carry no zone.
    package var overlap: Duration
    /// How often everything since `since` is listed, whatever the watermark says.
    package var sweepEvery: Duration

    package init(since: Timestamp, overlap: Duration = .seconds(3 * 3600), sweepEvery: Duration = .seconds(86_400)) {
        self.since = since
        self.overlap = overlap
        self.sweepEvery = sweepEvery
    }
}
