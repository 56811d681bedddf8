"""The conditions printed on contracts, in our own words under the usual headings of card-acceptance contracts.

Pure data (domain 10). A contract freezes the text of its day: changing a sentence here changes no contract already
issued, so a change needs nothing but a new VERSION.
"""

from certificates.snapshot import Article, Chapter

VERSION = "2026-11.2"

GENERAL = Chapter(
    title="Conditions générales",
    articles=(
        Article(
            "Préambule",
            (
                "Le présent contrat est conclu entre la banque et le commerçant désignés en première page. Il permet "
                "au commerçant d’accepter sur son site les paiements par carte de ses clients, au moyen d’une page de "
                "paiement que la banque héberge et sécurise.",
                "Dans ce qui suit, « le service » désigne l’offre nommée en première page, « l’accepteur » le "
                "commerçant, « l’acheteur » la personne qui paie, et « l’outil » l’espace en ligne où l’accepteur "
                "règle sa boutique et suit ses paiements.",
            ),
        ),
        Article(
            "Objet",
            (
                "La banque met à la disposition de l’accepteur une page de paiement, un environnement de test, un "
                "environnement de production, l’envoi à son site d’une notification signée pour chaque paiement, et "
                "l’outil.",
                "L’environnement de test reste ouvert pendant toute la durée du contrat et ne donne lieu à aucun "
                "paiement réel. L’environnement de production s’ouvre à la génération du certificat de production, "
                "une fois la phase de test réussie.",
            ),
        ),
        Article(
            "Obligations de l’accepteur",
            (
                "L’accepteur affiche sur son site, avant tout paiement, son identité, ses conditions de vente, le "
                "montant exact à payer, la devise, et la façon de le joindre.",
                "Il n’utilise le service que pour l’activité déclarée, pour des biens et services licites, et pour "
                "son propre compte. Il signale sans délai tout changement d’adresse du site, d’activité, de "
                "représentant ou de coordonnées.",
                "Il ne demande, ne reçoit et ne conserve aucun numéro de carte ni aucun cryptogramme : la saisie a "
                "lieu sur la seule page de paiement. Il tient secrets ses identifiants, ses certificats et son code "
                "de première connexion.",
                "Il vérifie la signature de chaque notification avant de tenir une commande pour payée, et conserve "
                "les justificatifs de chaque vente pendant quinze mois.",
            ),
        ),
        Article(
            "Obligations de la banque",
            (
                "La banque tient le service ouvert tous les jours, à toute heure, sous réserve des interruptions de "
                "maintenance, annoncées dans l’outil au moins deux jours à l’avance, et des cas de force majeure.",
                "Elle transmet les demandes d’autorisation, informe le site de l’accepteur du résultat de chaque "
                "paiement, crédite le compte de règlement désigné en première page du montant des paiements remis, et "
                "fournit chaque mois à l’accepteur un relevé des opérations et des frais.",
                "Elle ne communique à l’accepteur ni le numéro complet ni le cryptogramme d’une carte.",
            ),
        ),
        Article(
            "Garantie de paiement",
            (
                "Un paiement est garanti lorsque l’autorisation a été accordée, que l’authentification de l’acheteur "
                "a abouti ou en a été dispensée par sa banque, que la remise intervient dans les délais de "
                "l’autorisation, et que l’accepteur a respecté ses obligations.",
                "Un paiement qui ne remplit pas l’une de ces conditions est crédité sous réserve d’encaissement. La "
                "banque peut alors en débiter le montant s’il est contesté dans les délais prévus par la loi.",
            ),
        ),
        Article(
            "Réclamation et convention de preuve",
            (
                "Toute réclamation est adressée à la banque par écrit dans les six mois de l’opération. La banque "
                "répond sous quinze jours ouvrables et, si une recherche s’impose, sous trente-cinq jours au plus.",
                "Les parties conviennent que les enregistrements de la banque, dont le journal de l’outil et les "
                "messages signés échangés avec le site de l’accepteur, font foi jusqu’à preuve contraire.",
                "Chaque document que la banque établit porte un numéro et une empreinte, qui permettent à quiconque le "
                "tient en main de vérifier en ligne qu’il vient d’elle et qu’il est à jour.",
            ),
        ),
        Article(
            "Modification du contrat",
            (
                "La banque informe l’accepteur de toute modification au moins deux mois avant son entrée en vigueur. "
                "L’accepteur qui la refuse peut résilier le contrat sans frais avant cette date ; passé celle-ci, il "
                "est réputé l’avoir acceptée.",
                "Une modification imposée par la sécurité des paiements ou par la loi peut prendre effet plus tôt. "
                "La banque en donne alors la raison.",
                "Le changement de compte de règlement, comme le remplacement d’un code de première connexion perdu, "
                "se constate par un avenant numéroté, joint au présent contrat. Deux personnes de la banque "
                "l’approuvent avant qu’il prenne effet.",
            ),
        ),
        Article(
            "Durée et résiliation",
            (
                "Le contrat est conclu pour une durée indéterminée. Chaque partie peut y mettre fin par lettre "
                "recommandée : l’accepteur à tout moment, avec un préavis d’un mois ; la banque avec un préavis de "
                "deux mois.",
                "À la fin du contrat, l’accepteur retire de son site toute mention du service. Les paiements déjà "
                "acceptés sont menés à leur terme, et les certificats sont détruits.",
            ),
        ),
        Article(
            "Mesures de prévention et de sanction",
            (
                "En cas de manquement, de taux d’impayés anormal ou de soupçon de fraude, la banque avertit "
                "l’accepteur et lui indique ce qu’il doit corriger et dans quel délai.",
                "Si le manquement persiste ou si le risque est immédiat, la banque peut suspendre le service, puis "
                "résilier le contrat. La suspension est motivée, et levée dès que sa cause a disparu.",
            ),
        ),
        Article(
            "Protection des données personnelles",
            (
                "Chaque partie est responsable des traitements qu’elle décide et respecte le règlement général sur "
                "la protection des données. La banque traite les données des acheteurs pour exécuter les paiements, "
                "lutter contre la fraude et répondre à ses obligations légales.",
                "Les personnes concernées peuvent accéder à leurs données, les faire rectifier ou effacer, et "
                "s’opposer à leur traitement dans les conditions de la loi, en écrivant à la banque, puis, si elles "
                "ne sont pas satisfaites, à la Commission nationale de l’informatique et des libertés.",
            ),
        ),
        Article(
            "Non-renonciation",
            (
                "Le fait, pour l’une des parties, de ne pas se prévaloir d’un droit que lui donne le contrat ne vaut "
                "pas renonciation à ce droit.",
            ),
        ),
        Article(
            "Loi applicable et tribunaux",
            (
                "Le contrat est soumis au droit français et rédigé en langue française. À défaut d’accord amiable, "
                "tout litige est porté devant les tribunaux du ressort du siège de la banque.",
            ),
        ),
    ),
)

PARTICULAR = Chapter(
    title="Conditions particulières du paiement à distance sécurisé",
    articles=(
        Article(
            "Objet",
            (
                "Ces conditions complètent les conditions générales pour les paiements que l’acheteur fait à "
                "distance, sur la page de paiement du service. En cas de contradiction, elles l’emportent.",
            ),
        ),
        Article(
            "Authentification de l’acheteur",
            (
                "Par 3-D Secure, chaque paiement est présenté à l’authentification forte de l’acheteur par sa banque. "
                "L’accepteur ne peut pas l’écarter ; il peut seulement faire connaître son souhait, que la banque de "
                "l’acheteur reste libre de suivre ou non.",
            ),
        ),
        Article(
            "Garantie",
            (
                "Le résultat de l’authentification est joint à chaque paiement dans l’outil et dans la notification. "
                "Un paiement authentifié ne peut pas être rejeté au motif que le porteur de la carte conteste "
                "l’avoir ordonné.",
            ),
        ),
        Article(
            "Communication des justificatifs",
            (
                "À la demande de la banque, l’accepteur transmet sous sept jours calendaires la preuve de la "
                "commande, de son montant et de sa livraison. À défaut, le paiement contesté peut être rejeté.",
            ),
        ),
        Article(
            "Rejets techniques",
            (
                "Une opération remise hors délai, en double, ou pour un montant différent de celui autorisé peut "
                "être rejetée. La banque indique la cause du rejet, et l’accepteur peut présenter de nouveau "
                "l’opération si cette cause a disparu.",
            ),
        ),
        Article(
            "Remboursement",
            (
                "L’accepteur rembourse un acheteur par l’outil, sur la carte qui a servi à payer, dans la limite du "
                "montant payé. Il ne rembourse ni en espèces ni par un autre moyen.",
            ),
        ),
        Article(
            "Code de première connexion",
            (
                "L’accepteur a choisi lui-même, à son inscription, le code de première connexion. Ce code figure sur "
                "le seul exemplaire papier du contrat. Il est demandé à la première connexion à l’outil et après "
                "chaque réinitialisation du mot de passe. Il n’est transmis ni par e-mail ni par un lien.",
                "La banque ne garde de quoi l’imprimer que jusqu’au retour du contrat signé. S’il est perdu, "
                "l’accepteur en choisit un autre au cours d’un rappel au numéro de son dossier.",
            ),
        ),
    ),
)

SECURITY = Chapter(
    title="Annexe : référentiel sécuritaire de l’accepteur",
    articles=(
        Article(
            "Gérer la sécurité",
            (
                "Un responsable de la sécurité est nommé dans l’entreprise. Il tient à jour la liste des personnes "
                "qui ont accès à l’outil, et connaît la marche à suivre en cas d’incident.",
            ),
        ),
        Article(
            "Encadrer l’activité des personnes",
            (
                "Chaque personne a son propre identifiant et ne le prête pas. Les accès d’une personne qui quitte "
                "l’entreprise sont fermés le jour même.",
            ),
        ),
        Article(
            "Contrôler l’accès aux locaux",
            (
                "Les lieux où se trouvent les serveurs, les sauvegardes et les exemplaires papier du contrat sont "
                "fermés, et leur accès est réservé aux personnes désignées.",
            ),
        ),
        Article(
            "Protéger les systèmes",
            (
                "Le site est servi en HTTPS. Ses logiciels, dont le module de paiement, reçoivent leurs correctifs "
                "de sécurité sous trente jours, et sous deux jours lorsqu’ils sont critiques.",
            ),
        ),
        Article(
            "Contrôler les accès logiques",
            (
                "Les mots de passe sont longs et propres à chaque usage. L’administration du site et l’outil ne sont "
                "jamais laissés ouverts sur un poste sans surveillance.",
            ),
        ),
        Article(
            "Garder les secrets",
            (
                "Le certificat de production n’est écrit ni dans un e-mail, ni dans un outil de suivi, ni dans le "
                "code publié du site. En cas de doute sur sa confidentialité, l’accepteur prévient la banque "
                "aussitôt.",
            ),
        ),
    ),
)

CHAPTERS = (GENERAL, PARTICULAR, SECURITY)
